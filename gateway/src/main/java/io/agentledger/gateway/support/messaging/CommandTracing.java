package io.agentledger.gateway.support.messaging;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.StableNames;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Creates a span for each command below that of its request, and adds the name of the span to the
 * command. It is stored with the events, so that consequences are traced below it. Does nothing
 * without tracing.
 */
@Component
final class CommandTracing {
  private final @Nullable Tracer tracer;
  private final @Nullable Propagator propagator;

  CommandTracing(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator) {
    this.tracer = tracer.getIfAvailable();
    this.propagator = propagator.getIfAvailable();
  }

  /**
   * Runs the action in the span of a command.
   *
   * @param action receives the metadata of the command: {@code traceparent}, or nothing
   */
  <R> Mono<R> trace(Object command, Function<Map<String, Object>, Mono<R>> action) {
    var activeTracer = tracer;
    var activePropagator = propagator;
    if (activeTracer == null || activePropagator == null || activeTracer == Tracer.NOOP)
      return action.apply(Map.of());
    return Mono.deferContextual(
        context -> {
          var name = StableNames.of(command.getClass());
          var span =
              childSpan(activeTracer, context)
                  .name("command " + name)
                  .tag("agentledger.command", name)
                  .start();
          var metadata = new HashMap<String, Object>();
          activePropagator.inject(
              span.context(),
              metadata,
              (carrier, key, value) -> {
                if (carrier != null && key.equals(Provenance.TRACEPARENT)) carrier.put(key, value);
              });
          return action
              .apply(metadata)
              .doOnError(failure -> span.tag("error.type", failure.getClass().getSimpleName()))
              .doFinally(signal -> span.end());
        });
  }

  private static Span.Builder childSpan(Tracer tracer, ContextView context) {
    var span = tracer.spanBuilder();
    Observation request = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
    if (request == null) return span.setNoParent();
    TracingContext traced = request.getContextView().get(TracingContext.class);
    var parent = traced == null ? null : traced.getSpan();
    return parent == null ? span.setNoParent() : span.setParent(parent.context());
  }
}
