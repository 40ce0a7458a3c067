using System.CommandLine;
using Spindle.Designs.Shapes;

namespace Spindle.Cli.Commands;

/// <summary><c>--layers</c>: how the layers of an encoder-decoder are numbered.</summary>
internal static class LayersOption
{
    public static Option<LayerNumbering?> Create() =>
        ChoiceOption.Of<LayerNumbering>("--layers", "How the layers of an encoder-decoder are numbered. paired (the default): layer i is encoder layer i and decoder layer i together. sequential: the encoder's layers, then the decoder's.");
}
