# One static binary in an image that holds little else: no shell, no packages; a
# font, and sox with what it loads.
#   docker build -t aixin .
#   docker build --build-arg GOPROXY=… --build-arg RELEASE=v0.1.0 -t aixin .
FROM golang:1.26 AS build
ARG GOPROXY
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG RELEASE
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -X main.release=$RELEASE" -o /out/aixin ./cmd/aixin
RUN mkdir -p /out/data /out/tmp
# The font with which summaries are drawn; without it they are sent in words. And
# sox, with which phone pages play recordings.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-wqy-microhei sox libsox-fmt-base libsox-fmt-mp3 && rm -rf /var/lib/apt/lists/*
RUN scripts/sound.sh /sound

FROM scratch
# WeChat's API is called by HTTPS; the time zones are inside the binary.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# Large workbooks are written through /tmp. A fresh volume takes /data's owner.
COPY --from=build --chown=65532:65532 /out/tmp /tmp
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build /usr/share/fonts/truetype/wqy/wqy-microhei.ttc /usr/share/fonts/truetype/wqy/wqy-microhei.ttc
COPY --from=build /sound /
COPY --from=build /out/aixin /aixin
USER 65532:65532
WORKDIR /data
ENV AIXIN_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/aixin", "health"]
ENTRYPOINT ["/aixin"]
CMD ["serve"]
