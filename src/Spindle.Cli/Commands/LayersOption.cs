using System.CommandLine;
using Spindle.Designs.Shapes;

namespace Spindle.Cli.Commands;

/// <summary><c>--layers</c>: how the layers of an encoder-decoder are numbered.</summary>
internal static class LayersOption
{
    public static Option<LayerNumbering?> Create() =>
        ChoiceOption.Of<LayerNumbering>("--layers", "Whether layer i is encoder layer i and decoder layer i (paired, the default), or the encoder's layers come first, then the decoder's.");
}
