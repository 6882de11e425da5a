using LlmObs.Bench.Sink;

// LlmObs.Bench.Sink [--delay MILLISECONDS] [--keep FOLDER] [--rate REQUESTS_A_SECOND] [--fault PERCENT]
// Writes the port that it listens on, and ends when its standard input is closed.
TimeSpan delay = TimeSpan.Zero;
BodyKeeper? keeper = null;
TokenBucket? bucket = null;
double fault = 0;
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
        case "--rate":
            bucket = new TokenBucket(double.Parse(args[index + 1], System.Globalization.CultureInfo.InvariantCulture), TimeProvider.System);
            break;
        case "--fault":
            fault = double.Parse(args[index + 1], System.Globalization.CultureInfo.InvariantCulture) / 100;
            break;
        default:
            Console.Error.WriteLine($"'{args[index]}' is unknown; known are --delay, --keep, --rate and --fault.");
            return 2;
    }
}

int port = Listener.Start(new SinkState(delay, keeper, bucket, fault));
Console.WriteLine($"port {port}");
Console.In.ReadToEnd();
return 0;
