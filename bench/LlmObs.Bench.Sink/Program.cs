using LlmObs.Bench.Sink;

// LlmObs.Bench.Sink [--delay MILLISECONDS] [--keep FOLDER]
// Writes the port that it listens on, and ends when its standard input is closed.
TimeSpan delay = TimeSpan.Zero;
BodyKeeper? keeper = null;
for (int index = 0; index + 1 < args.Length; index += 2)
{
    switch (args[index])
    {
        case "--delay":
            delay = TimeSpan.FromMilliseconds(int.Parse(args[index + 1], System.Globalization.CultureInfo.InvariantCulture));
            break;
        case "--keep":
            keeper = new BodyKeeper(args[index + 1]);
            break;
        default:
            Console.Error.WriteLine($"'{args[index]}' is unknown; known are --delay and --keep.");
            return 2;
    }
}

int port = Listener.Start(new SinkState(delay, keeper));
Console.WriteLine($"port {port}");
Console.In.ReadToEnd();
return 0;
