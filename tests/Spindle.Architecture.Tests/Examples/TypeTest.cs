namespace Spindle.Architecture.Tests.Examples.TypeTest
{
    namespace First
    {
        public sealed class End
        {
            public static bool Is(object value) => value is Second.Beginning;
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
