namespace Spindle.Architecture.Tests.Examples.Nested
{
    public sealed class Whole
    {
        public Part.Piece? Piece { get; init; }
    }

    namespace Part
    {
        public sealed class Piece
        {
            public Whole? Whole { get; init; }
        }
    }
}
