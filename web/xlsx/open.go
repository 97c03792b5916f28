package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// The limits of a register workbook. The whole city, 22,427 recipients with
// their cadres and pairings, takes about a fifth of them.
const (
	MaxFileBytes = 32 << 20 // packed
	MaxRows      = 50_000   // data rows of one sheet

	maxUnpacked = 160 << 20
	maxSheetXML = 96 << 20
	maxOtherXML = 8 << 20 // styles, workbook: excelize builds them in memory
	maxTags     = 6 << 20 // in the shared strings, likewise
)

// FileError says in one sentence why a file as a whole cannot be read; it is
// meant for whoever sent the file.
type FileError string

func (e FileError) Error() string { return string(e) }

const (
	errNotWorkbook FileError = "这不是 Excel 工作簿(.xlsx),请用 Excel 或 WPS 另存为 .xlsx 再导入。"
	errOldWorkbook FileError = "这是老格式的 .xls,请用 Excel 或 WPS 另存为 .xlsx 再导入。"
	errPassword    FileError = "这个工作簿设了打开密码,请去掉密码另存一份再导入。"
	errUnpacked    FileError = "这个工作簿打开后太大,不像名册,没有读;请另存一份只留名册三张表的再导入。"
	errBroken      FileError = "这个工作簿打不开,可能没有存完整,请用 Excel 或 WPS 打开另存一份再导入。"
)

// errFileSize and errRows carry their limit.
var errFileSize = FileError(fmt.Sprintf("这个文件超过 %d MB,没有读;请按县区拆成几份再导入。", MaxFileBytes>>20))

// workbook is an open workbook whose size has been found bearable.
type workbook struct {
	*excelize.File
	zip      *zip.Reader
	sheets   []string          // in the order of the tabs
	parts    map[string]string // sheet → its part in the zip
	date1904 bool
	words    *words // of cells that have a fixed set
}

// open refuses what could hurt before anything is unpacked: excelize reads a
// workbook's styles and strings into memory as they come.
func open(r io.ReaderAt, size int64) (*workbook, error) {
	if size > MaxFileBytes {
		return nil, errFileSize
	}
	head := make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, errNotWorkbook
	}
	if binary.BigEndian.Uint64(head) == 0xD0CF11E0A1B11AE1 {
		return nil, compoundFile(r, size)
	}
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errNotWorkbook
	}
	if err := bearable(zr); err != nil {
		return nil, err
	}
	wb := &workbook{zip: zr}
	if err := wb.readParts(); err != nil {
		return nil, err
	}
	wb.File, err = excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
		RawCellValue: true,
		// Above this limit excelize unpacks to the disk, where names and id
		// numbers have no business.
		UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
	})
	if err != nil {
		return nil, errBroken
	}
	return wb, nil
}

// compoundFile tells the two things apart that begin as an old Office file.
func compoundFile(r io.ReaderAt, size int64) error {
	var mark []byte
	for _, u := range utf16.Encode([]rune("EncryptedPackage")) {
		mark = binary.LittleEndian.AppendUint16(mark, u)
	}
	all, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err == nil && bytes.Contains(all, mark) {
		return errPassword
	}
	return errOldWorkbook
}

// bearable checks the sizes a zip declares; archive/zip holds each entry to its
// declaration when it is read.
func bearable(zr *zip.Reader) error {
	var total uint64
	for _, e := range zr.File {
		if e.Flags&1 != 0 {
			return errPassword
		}
		total += e.UncompressedSize64
		name := strings.ToLower(e.Name)
		limit := uint64(maxUnpacked)
		switch isXML := strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels"); {
		case strings.HasPrefix(name, "xl/worksheets/"), strings.HasSuffix(name, "sharedstrings.xml"):
			limit = maxSheetXML
		case isXML:
			limit = maxOtherXML
		}
		if e.UncompressedSize64 > limit || total > maxUnpacked {
			return errUnpacked
		}
		if strings.HasSuffix(name, "sharedstrings.xml") {
			if n, err := countTags(e); err != nil {
				return errBroken
			} else if n > maxTags {
				return errUnpacked
			}
		}
	}
	return nil
}

func countTags(e *zip.File) (int, error) {
	r, err := e.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	n, buf := 0, make([]byte, 64<<10)
	for {
		k, err := r.Read(buf)
		n += bytes.Count(buf[:k], []byte("<"))
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// readParts finds which part of the zip holds which sheet.
func (wb *workbook) readParts() error {
	root, err := wb.relations("_rels/.rels")
	if err != nil {
		return errNotWorkbook
	}
	var book string
	for _, rel := range root.List {
		if strings.HasSuffix(rel.Type, "/officeDocument") {
			book = resolve("", rel.Target)
		}
	}
	var doc struct {
		Props struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			Rel  string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := wb.decode(book, &doc); err != nil || len(doc.Sheets) == 0 {
		return errNotWorkbook
	}
	dir, file := path.Split(book)
	rels, err := wb.relations(dir + "_rels/" + file + ".rels")
	if err != nil {
		return errBroken
	}
	target := map[string]string{}
	for _, rel := range rels.List {
		target[rel.ID] = resolve(dir, rel.Target)
	}
	wb.date1904 = doc.Props.Date1904 == "1" || doc.Props.Date1904 == "true"
	wb.parts = map[string]string{}
	for _, s := range doc.Sheets {
		wb.sheets = append(wb.sheets, s.Name)
		wb.parts[s.Name] = target[s.Rel]
	}
	return nil
}

type relations struct {
	List []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

func (wb *workbook) relations(name string) (rels relations, err error) {
	err = wb.decode(name, &rels)
	return rels, err
}

func (wb *workbook) decode(name string, v any) error {
	for _, e := range wb.zip.File {
		if entryName(e) == name {
			r, err := e.Open()
			if err != nil {
				return err
			}
			defer r.Close()
			return xml.NewDecoder(r).Decode(v)
		}
	}
	return fmt.Errorf("no part %q in the workbook", name)
}

// entryName is an entry's name with the slashes that the format asks for.
func entryName(e *zip.File) string { return strings.ReplaceAll(e.Name, `\`, "/") }

func resolve(dir, target string) string {
	if strings.HasPrefix(target, "/") {
		return target[1:]
	}
	return path.Join(dir, target)
}
