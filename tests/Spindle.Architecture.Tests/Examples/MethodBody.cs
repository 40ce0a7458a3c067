namespace Spindle.Architecture.Tests.Examples.MethodBody
{
    namespace First
    {
        public sealed class End
        {
            public static string Name() => new Second.Beginning().ToString()!;
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
