namespace LlmObs.Emulator.Routes;

/// <summary>Every operation that the emulator answers. A new one is a class of this folder and a line here.</summary>
internal static class AllRoutes
{
    public static IReadOnlyList<EmulatorRoute> Of(EmulatorStore store, StoreWriter writer, CatalogWriter catalog, EmulatorOptions options, RequestLimits limits)
    {
        var finder = new Finder(store, options);
        return
        [
            new CreateExperimentRoute(writer),
            new UpdateExperimentRoute(writer, store, options.PatchBody),
            new PushEventsRoute(writer, store, options),
            new AggregateRoute(store, limits, options.MetricKey),
            .. new ProjectRoutes(store.Catalog, catalog, options).All,
            .. new DatasetRoutes(store.Catalog, catalog, options).All,
            .. new RecordRoutes(store.Catalog, catalog, options).All,
            new ListExperimentsRoute(store, options),
            new DeleteExperimentsRoute(writer),
            new ListEventsRoute("v1", store, options),
            new ListEventsRoute("v2", store, options),
            new ListEventsRoute("v3", store, options),
            new SearchRoute(finder, options),
            new SimpleSearchRoute(finder),
            .. new SpanSearchRoutes(new SpanFinder(store, options), options).All,
            .. new TracerIntakeRoutes(writer, store).All,
            new ValidateApiKeyRoute(),
            new ValidateKeysRoute(),
        ];
    }
}
