// Writes ../calendar.txt: for each year 2000–2050 the solar day of the lunar
// new year, the lengths of its lunar months with the leap month marked, and the
// solar days of the 24 terms. Run once, by hand; the table is committed:
//   npm install lunar-javascript@1.7.7 && node gen/calendar.mjs > calendar.txt
import pkg from 'lunar-javascript';
const { Lunar, LunarYear, Solar } = pkg;

const names = ['小寒', '大寒', '立春', '雨水', '惊蛰', '春分', '清明', '谷雨', '立夏', '小满', '芒种', '夏至',
  '小暑', '大暑', '立秋', '处暑', '白露', '秋分', '寒露', '霜降', '立冬', '小雪', '大雪', '冬至'];

console.log('# year newyear months(* before a leap month) terms(' + names.join(' ') + ')');
for (let year = 2000; year <= 2050; year++) {
  const newYear = Lunar.fromYmd(year, 1, 1).getSolar();
  const months = LunarYear.fromYear(year).getMonthsInYear()
    .map((m) => (m.isLeap() ? '*' : '') + m.getDayCount());
  const table = Solar.fromYmd(year, 6, 15).getLunar().getJieQiTable();
  const terms = names.map((name) => {
    const key = Object.keys(table).find((k) => k === name && table[k].getYear() === year);
    const late = { 冬至: 'DONG_ZHI', 小寒: 'XIAO_HAN', 大寒: 'DA_HAN', 立春: 'LI_CHUN' }[name];
    return (key ? table[key] : table[late]).toYmd().slice(5).replace('-', '');
  });
  console.log(year, newYear.toYmd().slice(5).replace('-', ''), months.join(','), terms.join(','));
}
