// Compiled by pwsh (Add-Type): objects that no one would pipe on purpose.
using System;
using System.Collections;
using System.Management.Automation;

namespace LlmObs.Testing
{
    public sealed class ThrowingName { public override string ToString() { throw new InvalidOperationException("no name"); } }

    public sealed class NamedLabel { public override string ToString() { return "label"; } }

    public sealed class ThrowingList : IEnumerable
    {
        public IEnumerator GetEnumerator() { yield return 1; throw new TimeoutException("the list broke"); }
    }

    public sealed class UnopenableList : IEnumerable
    {
        public IEnumerator GetEnumerator() { throw new TimeoutException("the list broke"); }
    }

    public sealed class EndlessList : IEnumerable
    {
        public IEnumerator GetEnumerator() { while (true) { yield return 1; } }
    }

    public sealed class NestedList : IEnumerable
    {
        public IEnumerator GetEnumerator() { yield return new NestedList(); }
    }

    public sealed class ThrowingTable : Hashtable
    {
        public override IDictionaryEnumerator GetEnumerator() { throw new TimeoutException("the table broke"); }
    }

    public sealed class ThrowingProperty
    {
        public string Fine { get { return "f"; } }

        public string Bad { get { throw new TimeoutException("the property broke"); } }
    }

    public sealed class EndlessProperty
    {
        public EndlessProperty Next { get { return new EndlessProperty(); } }
    }

    public sealed class Plain
    {
        public int Field = 1;

        public string Property { get { return "p"; } }
    }

    /// <summary>Objects too large to be made by a script in a test's time.</summary>
    public static class Large
    {
        public static PSObject Object(int properties)
        {
            var made = new PSObject();
            for (int index = 0; index < properties; index++)
            {
                made.Properties.Add(new PSNoteProperty("p" + index, 1), true);
            }

            return made;
        }

        public static Hashtable Table(int keys, string prefix)
        {
            var made = new Hashtable();
            for (int index = 0; index < keys; index++)
            {
                made.Add(prefix + index, 1);
            }

            return made;
        }
    }
}
