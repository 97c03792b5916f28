package answer
import ("testing";"os";"fmt";"math")
func TestAskGrid(t *testing.T){
 if os.Getenv("GRID")=="" {t.Skip()}
 b:=Default(); x:=b.index
 type row struct{p,near []float64; want,text string; st float64; set int}
 var rows []row
 for k,f:=range []string{"questions.jsonl","blind_questions.jsonl","blind_questions2.jsonl"}{
 for i,q:=range lines[question](t,f){ if k==0&&held(i){continue}
  v:=x.vector(features(q.Text)); p:=make([]float64,x.classes); x.probabilities(v,p)
  rows=append(rows,row{p,x.nearest(v),q.Answer,q.Text,spoken().strangeness(q.Text),k})}}
 none:=x.classes-1
 for _,a:=range []float64{0.3,0.4,0.5,0.6}{ for _,sh:=range []float64{0.7,0.85,1,1.2}{ for _,fm:=range []float64{0.6,0.8}{ for _,sure:=range []float64{0.15,0.2,0.25,0.3}{
  var r,n,q,s [3]int; var J float64
  for _,w:=range rows{ best,bs:=0,-1.0
   for c:=range w.p{ sc:=math.Pow(w.p[c],a)*math.Pow(w.near[c],1-a); if c==none{ f:=1.0; if w.st>1{f=2}else if w.st<1{f=fm}; sc*=sh*f}; if sc>bs{best,bs=c,sc}}
   id:="none"; if best!=none&&bs>=sure{id=b.entries[best].ID}
   k:=w.set
   if w.want=="none"{s[k]++; if id=="none"{q[k]++}}else{n[k]++; if id==w.want{r[k]++}}
  }
  J=float64(r[0]+r[1]+r[2])/float64(n[0]+n[1]+n[2])+float64(q[0]+q[1]+q[2])/float64(s[0]+s[1]+s[2])
  fmt.Printf("%.4f a=%.1f sh=%.2f fm=%.1f sure=%.2f right %v/%v quiet %v/%v\n",J,a,sh,fm,sure,r,n,q,s)
 }}}}
}
