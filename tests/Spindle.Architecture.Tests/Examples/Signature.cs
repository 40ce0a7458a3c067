namespace Spindle.Architecture.Tests.Examples.Signature
{
    namespace First
    {
        public sealed class End
        {
            public static string Name(Second.Beginning? value) => $"{value}";
        }
    }

    namespace Second
    {
        public sealed class Beginning
        {
            public First.End? Next { get; init; }
        }
    }
}
