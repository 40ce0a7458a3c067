using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Spindle.Yaml;

/// <summary>Makes values of a parser's events. Written over events and not over a ready-made tree, so that what is refused is refused before
/// anything is built of it.</summary>
internal sealed class YamlDocument
{
    // a study has some hundred; each takes far more memory than the character that makes one
    private const int MostValues = 100_000;

    private readonly Parser parser;
    private readonly string name;
    private int values;

    private YamlDocument(string text, string name) => (parser, this.name) = (new(new StringReader(text)), name);

    public static YamlValue Load(string text, string name)
    {
        RefuseControls(text, name);
        var document = new YamlDocument(text, name);
        try
        {
            return document.Document();
        }
        catch (YamlException wrong)
        {
            var message = wrong.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            throw YamlSource.Error(name, wrong.Start.Line, wrong.Start.Column, $"this is not valid YAML: {YamlLabel.Shorten(message, 200)}; correct the text here or just before");
        }
    }

    private YamlValue Document()
    {
        Next();
        if (Next() is not DocumentStart) throw YamlSource.Error(name, 1, 1, "the file is empty; write the keys that it needs");
        var root = Value(Next(), YamlLabel.Document, 0);
        Next();
        return Next() is StreamEnd
            ? root
            : throw Error(parser.Current!, "a second document starts; keep one document a file");
    }

    private YamlValue Value(ParsingEvent start, YamlLabel label, int depth)
    {
        if (++values > MostValues) throw Error(start, $"more than {MostValues} values; a study or a design needs far fewer");
        if (start is AnchorAlias) throw Error(start, "aliases are not read here; write the value out");
        if (start is NodeEvent { Anchor.IsEmpty: false }) throw Error(start, "anchors are not read here; write the value out where it is needed");
        if (start is NodeEvent { Tag.IsEmpty: false }) throw Error(start, "tags are not read here; leave the tag out");
        if (depth > YamlSource.MaximumDepth) throw Error(start, $"more than {YamlSource.MaximumDepth} lists and mappings inside each other; nest less deep");
        return start switch
        {
            Scalar scalar => At(start, label, new YamlContent.Scalar(scalar.Value, scalar.Style == ScalarStyle.Plain)),
            SequenceStart => At(start, label, new YamlContent.Sequence(Items(label, depth))),
            MappingStart => At(start, label, new YamlContent.Mapping(Entries(depth))),
            _ => throw Error(start, "a value is missing"),
        };
    }

    private List<YamlValue> Items(YamlLabel label, int depth)
    {
        var items = new List<YamlValue>();
        while (Next() is not SequenceEnd) items.Add(Value(parser.Current!, label.Item(items.Count + 1), depth + 1));
        return items;
    }

    private List<YamlEntry> Entries(int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            var key = Value(parser.Current!, YamlLabel.Key, depth + 1);
            if (key.Content is not YamlContent.Scalar { Text: var text }) throw key.Error("a key is a single word; write 'key: value'");
            if (!seen.Add(text)) throw key.Error($"{YamlLabel.Of(text)} is given twice; keep one");
            entries.Add(new(text, key, Value(Next(), YamlLabel.Of(text), depth + 1)));
        }

        return entries;
    }

    private YamlValue At(ParsingEvent start, YamlLabel label, YamlContent content) => new(name, start.Start.Line, start.Start.Column, label, content);

    private ParsingEvent Next()
    {
        var at = parser.Current?.End ?? new Mark(0, 1, 1);
        try
        {
            if (parser.MoveNext()) return parser.Current!;
        }
        catch (Exception bug) when (bug is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // the parser's own failure on a text that it should have refused
            throw YamlSource.Error(name, at.Line, at.Column, "this is not valid YAML; correct the text after here");
        }

        throw YamlSource.Error(name, at.Line, at.Column, "the text ends too early; complete it");
    }

    // YAML has no control characters but tabs and line ends, and the parser takes NUL for the end of the text
    private static void RefuseControls(string text, string name)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\0', '\b');
        if (at < 0) return;
        var line = text.AsSpan(0, at).Count('\n') + 1;
        throw YamlSource.Error(name, line, at - text.AsSpan(0, at).LastIndexOf('\n'), "there is a control character here; delete it");
    }

    private InvalidDataException Error(ParsingEvent at, string message) => YamlSource.Error(name, at.Start.Line, at.Start.Column, message);
}
