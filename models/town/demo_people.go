package town

import "aixin/models"

const (
	xiamen = "崆峒区/峡门乡"
	yudu   = "泾川县/玉都镇"
	soon   = "soon" // a birthday in the days after today
)

var demoUnits = []Unit{
	{"崆峒区峡门乡人民政府", xiamen},
	{"崆峒区峡门乡中心小学", xiamen},
	{"泾川县玉都镇人民政府", yudu},
	{"泾川县玉都镇卫生院", yudu},
}

var demoCadres = []struct {
	name, unit, post string
	speciality       models.Speciality
}{
	{"王敏", "崆峒区峡门乡人民政府", "民政干事", models.SpecialityNone},
	{"张拴牢", "崆峒区峡门乡人民政府", "吴坡村干部", models.SpecialityGrassroots},
	{"马占福", "崆峒区峡门乡人民政府", "副乡长", models.SpecialityNone},
	{"李雪琴", "崆峒区峡门乡中心小学", "教师", models.SpecialityTeacher},
	{"欧阳静", "崆峒区峡门乡中心小学", "教师", models.SpecialityTeacher},
	{"白洋", "崆峒区峡门乡中心小学", "心理辅导员", models.SpecialityCounsellor},
	{"赵建国", "泾川县玉都镇人民政府", "镇长", models.SpecialityNone},
	{"慕容川", "泾川县玉都镇人民政府", "干事", models.SpecialityNone},
	{"何芳", "泾川县玉都镇人民政府", "妇联主席", models.SpecialityNone},
	{"袁满仓", "泾川县玉都镇人民政府", "网格员", models.SpecialityGrassroots},
	{"苏红", "泾川县玉都镇卫生院", "医生", models.SpecialityMedic},
	{"海玉兰", "泾川县玉都镇卫生院", "护士", models.SpecialityMedic},
}

type demoPerson struct {
	name       string
	sex        sex
	age        int
	birthday   string // month-day
	categories []models.Category
	mode       models.CareMode
	region     string
	address    string
	aliases    string
	household  string
	needs      string
	contact    Contact
	number     string // instead of an id number
	cadre      string
	done       [3]int // contacts, visits and things done this year
}

var (
	orphan     = []models.Category{models.CategoryOrphan}
	deFacto    = []models.Category{models.CategoryDeFactoUnattended}
	disabled   = []models.Category{models.CategorySevereDisability}
	poor       = []models.Category{models.CategoryExtremePoverty}
	poorAndIll = []models.Category{models.CategoryExtremePoverty, models.CategorySevereDisability}
	deFactoIll = []models.Category{models.CategoryDeFactoUnattended, models.CategorySevereDisability}
	other      = []models.Category{models.CategoryOther}
)

func guardian(name, called string) Contact {
	return Contact{Kind: models.ContactGuardian, Name: name, Called: called}
}

func relative(name, called string) Contact {
	return Contact{Kind: models.ContactRelative, Name: name, Called: called}
}
func neighbour(name string) Contact { return Contact{Kind: models.ContactNeighbour, Name: name} }
func house(name string) Contact     { return Contact{Kind: models.ContactInstitution, Name: name} }
func self(name string) Contact      { return Contact{Kind: models.ContactSelf, Name: name} }

const (
	scattered   = models.CareModeScattered
	centralized = models.CareModeCentralized
	wupo        = xiamen + "/吴坡村"
	xiamenVill  = xiamen + "/峡门村"
	baipo       = xiamen + "/白坡村"
	kangjia     = yudu + "/康家村"
	shangzhai   = yudu + "/上寨村"
)

var demoPeople = []demoPerson{
	{"谷军", male, 68, "03-02", poor, scattered, wupo, "三社", "老谷、谷叔", "H01", "房顶漏雨", neighbour("吴满囤"), "", "王敏", [3]int{1, 1, 0}},
	{"马海龙", male, 9, "05-09", orphan, "", wupo, "一社", "海龙、龙龙", "H02", "课后没人辅导", guardian("王桂兰", "马奶奶"), "", "王敏", [3]int{3, 2, 0}},
	{"王桂花", female, 61, "09-18", disabled, "", xiamenVill, "二社", "王奶奶", "H03", "换药不方便", relative("丁万林", "老丁"), "", "王敏", [3]int{4, 2, 1}},

	{"贾万财", male, 74, "01-20", poor, scattered, wupo, "五社", "贾叔、贾爷", "H04", "", self("贾万财"), "", "张拴牢", [3]int{4, 2, 1}},
	{"吴满福", male, 72, "07-07", poor, scattered, wupo, "三社", "老吴", "H05", "户口还没落上", neighbour("吴满囤"), "K-001", "张拴牢", [3]int{2, 1, 0}},

	{"安福贵", male, 57, "02-11", disabled, "", baipo, "一社", "老安", "H06", "", self("安福贵"), "", "马占福", [3]int{3, 1, 1}},
	{"安秀英", female, 54, "08-30", disabled, "", baipo, "一社", "安婶", "H06", "", relative("安福贵", "老安"), "", "马占福", [3]int{2, 1, 0}},
	{"安小宝", male, 12, soon, deFactoIll, "", baipo, "一社", "小宝、宝宝", "H06", "轮椅旧了", guardian("安福贵", "老安"), "", "马占福", [3]int{2, 1, 0}},

	{"马兰英", female, 72, "04-15", poor, scattered, wupo, "二社", "兰英婶", "H07", "", relative("马明礼", ""), "", "李雪琴", [3]int{4, 1, 0}},
	{"马兰英", female, 9, "10-01", deFacto, "", xiamenVill, "四社", "兰兰", "H08", "", guardian("拜转香", "兰兰奶奶"), "", "李雪琴", [3]int{3, 2, 1}},

	{"秦小雨", female, 13, "06-21", orphan, "", xiamenVill, "一社", "小雨", "H09", "", guardian("折玉梅", "秦奶奶"), "", "欧阳静", [3]int{4, 2, 1}},
	{"秦小雪", female, 10, "12-03", orphan, "", xiamenVill, "一社", "小雪", "H09", "缺过冬衣服", guardian("折玉梅", "秦奶奶"), "", "欧阳静", [3]int{4, 2, 0}},

	{"尉迟航", male, 16, "11-11", deFacto, "", baipo, "三社", "航航", "H10", "", guardian("尉迟德禄", "航航爷爷"), "", "白洋", [3]int{2, 2, 0}},
	{"脱秀芳", female, 45, "03-29", disabled, "", wupo, "四社", "秀芳、芳姨", "H11", "", relative("脱建军", ""), "", "白洋", [3]int{0, 0, 0}},

	{"高有才", male, 70, "05-16", poor, scattered, kangjia, "二组", "老高", "H12", "烧炕的煤不够", neighbour("康来福"), "", "赵建国", [3]int{1, 0, 0}},
	{"邓福生", male, 81, "09-09", poor, centralized, yudu, "玉都镇敬老院", "邓爷", "", "", house("玉都镇敬老院"), "", "赵建国", [3]int{4, 2, 1}},
	{"罗引弟", female, 15, "02-28", deFacto, "", kangjia, "一组", "引弟", "H13", "", guardian("薛改改", "罗奶奶"), "", "赵建国", [3]int{2, 1, 1}},

	{"皇甫玉兰", female, 77, "10-19", poor, centralized, yudu, "玉都镇敬老院", "皇甫奶奶、玉兰婶", "", "", house("玉都镇敬老院"), "", "慕容川", [3]int{3, 2, 0}},
	{"雷春生", male, 66, "01-05", poorAndIll, scattered, shangzhai, "三组", "老雷、雷爷", "H14", "", relative("雷少华", ""), "", "慕容川", [3]int{2, 1, 1}},

	{"任守义", male, 69, "07-23", poor, scattered, shangzhai, "一组", "任爷、老任", "H15", "", self("任守义"), "", "何芳", [3]int{4, 2, 1}},
	{"米雪", female, 11, "04-04", deFacto, "", shangzhai, "二组", "雪雪", "H16", "", guardian("米菊花", "米奶奶"), "", "何芳", [3]int{3, 1, 0}},
	{"米阳", male, 7, "08-08", deFacto, "", shangzhai, "二组", "阳阳", "H16", "", guardian("米菊花", "米奶奶"), "", "何芳", [3]int{3, 1, 0}},

	{"折志强", male, 50, "12-12", disabled, "", kangjia, "三组", "志强", "H17", "", relative("折晓东", ""), "", "袁满仓", [3]int{1, 1, 0}},
	{"卯玲玲", female, 24, "06-06", disabled, "", kangjia, "四组", "玲玲", "H18", "想学门手艺", guardian("卯进财", "玲玲爸"), "", "袁满仓", [3]int{2, 0, 0}},

	{"麻玉莲", female, 63, "03-13", disabled, "", shangzhai, "四组", "麻婶、玉莲婶", "H19", "", relative("麻立新", ""), "", "苏红", [3]int{4, 2, 1}},
	{"哈文", male, 34, "05-25", disabled, "", kangjia, "一组", "", "H20", "", guardian("哈宝山", ""), "", "苏红", [3]int{2, 2, 0}},
	{"曹桂兰", female, 58, "11-02", disabled, "", shangzhai, "一组", "曹姨、桂兰", "H21", "", relative("曹文涛", ""), "", "苏红", [3]int{3, 1, 0}},

	{"丁小龙", male, 18, "01-30", orphan, "", kangjia, "二组", "小龙", "H22", "今年高考", guardian("丁生财", "小龙爷爷"), "", "海玉兰", [3]int{4, 2, 1}},
	{"古丽娜", female, 6, "09-01", orphan, "", "崆峒区", "平凉市儿童福利院", "古丽", "", "", house("平凉市儿童福利院"), "", "海玉兰", [3]int{2, 2, 0}},
	{"付军", male, 40, "02-02", other, "", kangjia, "三组", "小军", "H23", "", self("付军"), "", "海玉兰", [3]int{1, 1, 0}},
}

// demoServices are the pairings beside the lead ones.
var demoServices = []struct {
	cadre, person string
	line          models.Line
}{
	{"李雪琴", "马海龙", models.LineTutoring},
	{"苏红", "王桂花", models.LineRehab},
	{"白洋", "秦小雨", models.LineCounsel},
	{"张拴牢", "谷军", models.LineFamilyCare},
	{"张拴牢", "贾万财", models.LineFamilyCare},
	{"张拴牢", "吴满福", models.LineFamilyCare},
	{"张拴牢", "马兰英", models.LineFamilyCare},
	{"袁满仓", "高有才", models.LineFamilyCare},
	{"袁满仓", "雷春生", models.LineFamilyCare},
	{"袁满仓", "任守义", models.LineFamilyCare},
}
