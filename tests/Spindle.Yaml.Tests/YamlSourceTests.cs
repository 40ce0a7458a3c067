using System.Text;

namespace Spindle.Yaml.Tests;

public class YamlSourceTests
{
    private enum Shape
    {
        RoundBox,
        Flat,
    }

    [Fact]
    public void Values_are_read_by_key_and_type()
    {
        var keys = Parse("name: 'a b'\ncount: 3\nrate: 1e-3\nshape: round-box\nlist: [a, b]\nnested: {inner: 1}\n");
        Assert.Equal("a b", keys.RequiredText("name"));
        Assert.Equal(3, keys.Integer("count", 1, 3));
        Assert.Equal(0.001, keys.Number("rate", 0, 1));
        Assert.Equal(Shape.RoundBox, keys.Choice<Shape>("shape"));
        Assert.Equal(["a", "b"], keys.List("list")!.Select(item => item.AsText()));
        var nested = keys.Mapping("nested")!;
        Assert.Equal(1, nested.Integer("inner", 0, 1));
        nested.Finish();
        keys.Finish();
    }

    [Fact]
    public void Absent_keys_are_null()
    {
        var keys = Parse("a: 1");
        Assert.Null(keys.Text("b"));
        Assert.Null(keys.Integer("b", 0, 1));
        Assert.Null(keys.Number("b", 0, 1));
        Assert.Null(keys.Choice<Shape>("b"));
        Assert.Null(keys.List("b"));
        Assert.Null(keys.Mapping("b"));
    }

    [Theory]
    [InlineData("count: four", "f.yaml:1:8: 'count' is 'four'; write a whole number from 1 to 3")]
    [InlineData("count: 4", "f.yaml:1:8: 'count' is '4'; write a whole number from 1 to 3")]
    [InlineData("count: 1.5", "f.yaml:1:8: 'count' is '1.5'; write a whole number from 1 to 3")]
    [InlineData("count: [1]", "f.yaml:1:8: 'count' is a list; write a whole number from 1 to 3")]
    [InlineData("\n\ncount:", "f.yaml:3:7: 'count' has no value; write a whole number from 1 to 3 or leave the key out")]
    [InlineData("rate: NaN", "f.yaml:1:7: 'rate' is 'NaN'; write a number above 0 and at most 1")]
    [InlineData("rate: 0", "f.yaml:1:7: 'rate' is '0'; write a number above 0 and at most 1")]
    [InlineData("rate: 1,5", "f.yaml:1:7: 'rate' is '1,5'; write a number above 0 and at most 1")]
    [InlineData("shape: round_box", "f.yaml:1:8: 'shape' is 'round_box'; did you mean 'round-box'?")]
    [InlineData("shape: 0", "f.yaml:1:8: 'shape' is '0'; write one of round-box, flat")]
    [InlineData("list: a", "f.yaml:1:7: 'list' is not a list; write it in brackets: [a, b]")]
    [InlineData("nested: a", "f.yaml:1:9: 'nested' is not a mapping; write it as 'key: value' lines or in braces: {key: value}")]
    [InlineData("name: ''", "f.yaml:1:7: 'name' is empty; write a text or leave the key out")]
    [InlineData("cuont: 1", "f.yaml:1:1: unknown key 'cuont' in the document; did you mean 'count'?")]
    [InlineData("zzzzzz: 1", "f.yaml:1:1: unknown key 'zzzzzz' in the document; known are count, list, name, nested, rate, shape")]
    public void A_wrong_value_is_refused_at_its_place_with_a_remedy(string text, string message) => Assert.Equal(message, Refused(() => ReadAll(Parse(text))));

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", "f.yaml:3:1: 'a' is given twice; keep one")]
    [InlineData("a: &x 1", "f.yaml:1:4: anchors are not read here")]
    [InlineData("a: *x", "f.yaml:1:4: aliases are not read here")]
    [InlineData("a: !!int 1", "f.yaml:1:4: tags are not read here")]
    [InlineData("a: !x {b: 1}", "f.yaml:1:4: tags are not read here")]
    [InlineData("a: 1\n---\nb: 2", "f.yaml:2:1: a second document starts")]
    [InlineData("", "f.yaml:1:1: the file is empty")]
    [InlineData("# nothing", "f.yaml:1:1: the file is empty")]
    [InlineData("a: [1", "f.yaml:2:1: this is not valid YAML")]
    [InlineData("a: 1\n b: 2", "f.yaml:2:3: this is not valid YAML")]
    [InlineData("a: 1\nb: \0", "f.yaml:2:4: there is a control character here")]
    [InlineData("[a, b]: 1", "f.yaml:1:1: a key is a single word")]
    public void What_is_not_read_is_refused_at_its_place(string text, string start) =>
        Assert.StartsWith(start, Refused(() => YamlSource.Parse(text, "f.yaml")));

    [Fact]
    public void A_document_that_is_not_a_mapping_is_refused() =>
        Assert.Equal("f.yaml:1:1: the document is not a mapping; write it as 'key: value' lines or in braces: {key: value}", Refused(() => Parse("[a]")));

    [Fact]
    public void A_missing_key_is_named_or_its_misspelling_is()
    {
        Assert.Equal("f.yaml:1:1: 'backbone' is missing in the document; add 'backbone: …'", Refused(() => Parse("a: 1").RequiredText("backbone")));
        Assert.Equal("f.yaml:2:1: unknown key 'bakbone' in the document; did you mean 'backbone'?", Refused(() => Parse("a: 1\nbakbone: b").RequiredText("backbone")));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Deep_nesting_is_refused_and_does_not_exhaust_the_stack(int depth)
    {
        Assert.Contains("nest less deep", Refused(() => YamlSource.Parse(new string('[', depth), "f.yaml")));
        Assert.Contains("nest less deep", Refused(() => YamlSource.Parse("a: " + string.Concat(Enumerable.Repeat("{a: ", depth)), "f.yaml")));
    }

    [Fact]
    public void A_large_file_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "a: " + new string('x', YamlSource.MaximumBytes));
            Assert.Contains("more than 1 MiB", Refused(() => YamlSource.Read(path)));
            File.WriteAllBytes(path, [(byte)'a', (byte)':', (byte)' ', 0xff, 0xfe]);
            Assert.Contains("is not UTF-8", Refused(() => YamlSource.Read(path)));
            File.WriteAllText(path, "a: é", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            Assert.Equal("é", YamlSource.Read(path).Mapping().RequiredText("a"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => YamlSource.Read(path)).Message);
        Assert.Contains("is a folder", Assert.Throws<FileNotFoundException>(() => YamlSource.Read(Path.GetTempPath())).Message);
    }

    [Fact]
    public void Any_text_is_read_or_refused_in_one_line()
    {
        string[] pieces = ["a", "b: ", "c:\n", "- ", "[", "]", "{", "}", ", ", "\n", "  ", "\t", "'", "\"", "#", "&x ", "*x", "!", "|", ">", "?",
            "%", "@", "\\u12", "---", "...", "\0", "\ud800", "é"];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).List[0, 20].Select(string.Concat).Sample(
            text =>
            {
                try
                {
                    YamlSource.Parse(text, "f.yaml");
                }
                catch (InvalidDataException wrong)
                {
                    Assert.Matches(@"\Af\.yaml:\d+:\d+: [^\n\r]+\z", wrong.Message);
                }
            },
            iter: 20_000,
            threads: 1);
    }

    [Fact]
    public void Written_values_read_back()
    {
        Gen.String.Where(text => !string.IsNullOrWhiteSpace(text)).Sample(text =>
        {
            // half a surrogate pair is no character
            var whole = string.Concat(text.EnumerateRunes());
            Assert.Equal(whole, Parse($"a: {YamlText.Format(text)}").RequiredText("a"));
            Assert.Equal(whole, Parse($"a: {YamlText.List([YamlText.Format(text)])}").List("a")![0].AsText());
        });
        Gen.Double.Where(double.IsFinite).Sample(number =>
            Assert.Equal(number, Parse($"a: {YamlText.Format(number)}").Number("a", double.MinValue, double.MaxValue)));
        foreach (var word in new[] { "null", "true", "no", "~", "1", "1e-3", "-", "a b", "a: b", "# a", "../shared/data", "x\ny", "...", "0x1", ".5", "Null" })
            Assert.Equal(word, Parse($"a: {YamlText.Format(word)}").RequiredText("a"));
    }

    [Fact]
    public void A_long_key_is_not_kept_again_for_each_item_below_it()
    {
        var text = $"? {new string('k', 500_000)}\n: [{string.Join(", ", Enumerable.Repeat("a", 90_000))}]\n";
        var before = GC.GetAllocatedBytesForCurrentThread();
        var list = YamlSource.Parse(text, "f.yaml").Mapping().Entries.Single().Value;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 20);
        Assert.InRange(Refused(() => list.AsList()[7].AsInteger(0, 1)).Length, 1, 250);
    }

    [Fact]
    public void More_values_than_any_study_has_are_refused() =>
        Assert.Contains("more than 100000 values", Refused(() => Parse($"a: [{string.Join(',', Enumerable.Repeat("a", 300_000))}]")), StringComparison.Ordinal);

    [Fact]
    public void A_long_unknown_key_is_shortened_in_its_message_and_holds_no_control_characters()
    {
        var message = Refused(() => ReadAll(Parse($"\"\\e[31m{new string('k', 900_000)}\": 1")));
        Assert.InRange(message.Length, 1, 300);
        Assert.DoesNotContain(message, char.IsControl);
    }

    private static YamlMappingReader Parse(string text) => YamlSource.Parse(text, "f.yaml").Mapping();

    private static string Refused(Action read) => Assert.Throws<InvalidDataException>(read).Message;

    private static void ReadAll(YamlMappingReader keys)
    {
        keys.Text("name");
        keys.Integer("count", 1, 3);
        keys.Number("rate", 0, 1, aboveMin: true);
        keys.Choice<Shape>("shape");
        keys.List("list");
        keys.Mapping("nested");
        keys.Finish();
    }
}
