namespace Spindle.Reports.Html;

/// <summary>The files of the page for a browser, which other pages share: its colours (<c>page.css</c>), its figures and tables (<c>figures.js</c>), and the libraries that draw them (<c>vendor/</c>).</summary>
public static class PageFiles
{
    /// <summary>The text of a file.</summary>
    /// <param name="name">Its path among the files.</param>
    public static string Read(string name)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream($"Page/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
