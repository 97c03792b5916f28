package town

import "aixin/models"

// townships of the seven counties; villages are made up from the parts below.
var townships = map[string][]string{
	"620802": {"柳湖镇", "四十里铺镇", "白水镇", "草峰镇", "安国镇", "花所镇", "崆峒镇", "峡门乡", "麻武乡", "大寨乡", "香莲乡", "西阳乡", "寨河乡", "索罗乡", "上杨乡", "大秦乡", "白庙乡"},
	"620821": {"城关镇", "玉都镇", "高平镇", "荔堡镇", "王村镇", "窑店镇", "丰台镇", "党原镇", "飞云镇", "汭丰镇", "太平镇", "罗汉洞乡", "泾明乡", "红河乡"},
	"620822": {"中台镇", "邵寨镇", "独店镇", "什字镇", "朝那镇", "西屯镇", "上良镇", "百里镇", "蒲窝镇", "新开乡", "梁原乡", "龙门乡", "星火乡"},
	"620823": {"锦屏镇", "新窑镇", "柏树镇", "黄寨镇", "黄花乡", "木林乡"},
	"620825": {"水洛镇", "南湖镇", "朱店镇", "万泉镇", "韩店镇", "大庄镇", "阳川镇", "岳堡镇", "柳梁镇", "卧龙镇", "良邑镇", "通化镇", "永宁镇", "南坪镇", "盘安镇", "杨河乡", "赵墩乡", "郑河乡"},
	"620826": {"城关镇", "威戎镇", "界石铺镇", "八里镇", "李店镇", "古城镇", "仁大镇", "甘沟镇", "城川镇", "曹务镇", "雷大镇", "细巷镇", "双岘镇", "治平镇", "红寺镇", "原安镇", "四河镇", "灵芝乡"},
	"620881": {"东华镇", "安口镇", "西华镇", "马峡镇", "策底镇", "上关镇", "河西镇", "神峪乡", "山寨乡", "砚峡乡"},
}

var (
	villageHeads = []string{"上", "下", "前", "后", "东", "西", "张", "王", "李", "马", "杨", "吴", "何", "陈", "赵", "白", "柳", "石", "槐", "枣", "红", "新"}
	villageTails = []string{"坡", "湾", "沟", "岭", "塬", "庄", "堡", "寨", "河", "滩", "梁", "咀", "洼", "岔"}
)

const villagesEach = 12

// township is a place with its villages.
type township struct {
	county, name string
	path         string
	villages     []string
}

// cityMap is the city: townships of all counties in turn, so that a small city
// has some of each, with villages whose names depend on the place in the list.
func cityMap() []township {
	var out []township
	for round, found := 0, true; found; round++ {
		found = false
		for _, county := range models.Counties {
			if names := townships[county.Code]; round < len(names) {
				found = true
				out = append(out, newTownship(county.Name, names[round], len(out)))
			}
		}
	}
	return out
}

func newTownship(county, name string, n int) township {
	t := township{county: county, name: name, path: county + "/" + name}
	for i := range villagesEach {
		// 5 runs through all heads before one comes again, 3 through all tails.
		k := n*villagesEach + i
		head, tail := k*5%len(villageHeads), (k*3+k/len(villageHeads))%len(villageTails)
		t.villages = append(t.villages, t.path+"/"+villageHeads[head]+villageTails[tail]+"村")
	}
	return t
}
