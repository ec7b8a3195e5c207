package io.agentledger.command.ops;

import io.agentledger.command.model.UpstreamMonitor;
import io.agentledger.store.event.NotifyingEventStore;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans for metrics and traces of runs; spans are created only if an exporter is configured. */
@Configuration(proxyBeanMethods = false)
public class OpsConfiguration {
  @Bean
  MeterBinder runMeters(@Qualifier("eventStore") NotifyingEventStore store) {
    return new RunMeters(store);
  }

  @Bean
  SmartInitializingSingleton runSpans(
      @Qualifier("eventStore") NotifyingEventStore store,
      ObjectProvider<Tracer> tracer,
      ObjectProvider<Propagator> propagator,
      ObjectProvider<UpstreamMonitor> upstreamMonitor) {
    return () -> {
      var spans = tracer.getIfAvailable();
      var context = propagator.getIfAvailable();
      var model = upstreamMonitor.getIfAvailable();
      if (spans == null || spans == Tracer.NOOP || context == null || model == null) return;
      store.onOwnCommit(new RunTracer(new SpanWriter(spans, context), model));
    };
  }
}
