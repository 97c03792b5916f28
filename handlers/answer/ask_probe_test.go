package answer
import ("testing";"os";"fmt";"math")
func TestAskGrid(t *testing.T){
 if os.Getenv("GRID")=="" {t.Skip()}
 b:=Default(); x:=b.index
 type row struct{p,near []float64; want string; i int}
 var rows []row
 for i,q:=range lines[question](t,"questions.jsonl"){ if held(i){continue}
  v:=x.vector(features(q.Text)); p:=make([]float64,x.classes); x.probabilities(v,p)
  rows=append(rows,row{p,x.nearest(v),q.Answer,i})}
 none:=x.classes-1
 for _,a:=range []float64{0,0.3,0.5,0.7,1}{ for _,nf:=range []float64{1,0.8,0.6,0.45}{ for _,sure:=range []float64{0.1,0.15,0.2,0.25,0.3}{
  var r,n,q,s int
  for _,w:=range rows{ best,bs:=0,-1.0
   for c:=range w.p{ sc:=math.Pow(w.p[c],a)*math.Pow(w.near[c],1-a); if c==none{sc*=nf}; if sc>bs{best,bs=c,sc}}
   id:="none"; if best!=none&&bs>=sure{id=b.entries[best].ID}
   if w.want=="none"{s++; if id=="none"{q++}}else{n++; if id==w.want{r++}}
  }
  fmt.Printf("a=%.1f nf=%.2f sure=%.2f right %.3f quiet %.3f\n",a,nf,sure,float64(r)/float64(n),float64(q)/float64(s))
 }}}
}
