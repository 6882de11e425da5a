namespace LlmObs.Emulator.Query;

/// <summary>Whether an event is what a query asks for. Used by one thread at a time.</summary>
internal abstract class EventPredicate
{
    public abstract bool Matches(EventView view);

    internal sealed class Everything : EventPredicate
    {
        public override bool Matches(EventView view) => true;
    }

    internal sealed class Not(EventPredicate part) : EventPredicate
    {
        public override bool Matches(EventView view) => !part.Matches(view);
    }

    internal sealed class And(EventPredicate[] parts) : EventPredicate
    {
        public override bool Matches(EventView view)
        {
            foreach (EventPredicate part in parts)
            {
                if (!part.Matches(view))
                {
                    return false;
                }
            }

            return true;
        }
    }

    internal sealed class Or(EventPredicate[] parts) : EventPredicate
    {
        public override bool Matches(EventView view)
        {
            foreach (EventPredicate part in parts)
            {
                if (part.Matches(view))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
