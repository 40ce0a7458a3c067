using Spectre.Console;
using Spectre.Console.Rendering;

namespace Spindle.Cli.Terminal;

/// <summary>Applies <see cref="VisibleText"/> to the text of tables and displays, whose own control sequences stay.</summary>
internal sealed class VisibleRendering : IRenderHook
{
    /// <inheritdoc/>
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(renderable => new Visible(renderable));

    private sealed class Visible(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(segment =>
            segment.IsControlCode || VisibleText.From(segment.Text) is var text && text == segment.Text ? segment : new Segment(text, segment.Style));
    }
}
