namespace Spindle.Architecture.Tests.Examples.TypeArgument
{
    namespace First
    {
        public sealed class End
        {
            public static int Count(object values) => values is List<Second.Beginning> list ? list.Count : 0;
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
