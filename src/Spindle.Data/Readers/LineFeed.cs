namespace Spindle.Data.Readers;

/// <summary>The lines of a file as one text with ends of lines of one kind, for a parser that reads ahead; it knows which lines a part of the text came from.</summary>
/// <param name="path">The file, in UTF-8.</param>
internal sealed class LineFeed(string path) : TextReader
{
    private readonly IEnumerator<TextLine> lines = TextLines.Read(path).GetEnumerator();

    // the lines that are fed and not taken yet; of empty ones that follow each other the first
    private readonly Queue<Fed> fed = [];
    private bool wasEmpty;
    private string text = "";
    private int at;
    private long begin, length;

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count)
    {
        while (at == text.Length)
        {
            if (!lines.MoveNext()) return 0;
            var line = lines.Current;
            // no end of line after the last one: what is not in the file does not get into a field
            (text, at) = (length == 0 && fed.Count == 0 ? line.Text : "\n" + line.Text, 0);
            var isEmpty = line.Text.Length == 0;
            if (!isEmpty || !wasEmpty) fed.Enqueue(new(line.Number, length + text.Length - line.Text.Length, isEmpty, line.IsUtf8));
            wasEmpty = isEmpty;
            length += text.Length;
            if (length - begin > CsvReader.LongestRecord + text.Length)
            {
                var first = fed.FirstOrDefault(line => line.Start >= begin && !line.IsEmpty, new(line.Number, 0, false, false));
                throw new InvalidDataException($"{path}:{first.Number}: the record is longer than {CsvReader.LongestRecord} characters; is a closing quote missing?");
            }
        }
        var taken = Math.Min(count, text.Length - at);
        text.CopyTo(at, buffer, index, taken);
        at += taken;
        return taken;
    }

    /// <summary>The lines that a part of the text came from; those before it are not asked for again.</summary>
    /// <param name="start">Where the part begins, in characters from the beginning.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>The numbers of its first and last line, and whether all of it is UTF-8.</returns>
    public (int First, int Last, bool AreUtf8) Take(long start, long end)
    {
        begin = end;
        while (fed.Count > 1 && fed.ElementAt(1).Start <= start) fed.Dequeue();
        Fed[] part = [.. fed.TakeWhile(line => line.Start < end || line.Start <= start)];
        return (part[0].Number, part[^1].Number, part.All(line => line.IsUtf8));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) lines.Dispose();
        base.Dispose(disposing);
    }

    private readonly record struct Fed(int Number, long Start, bool IsEmpty, bool IsUtf8);
}
