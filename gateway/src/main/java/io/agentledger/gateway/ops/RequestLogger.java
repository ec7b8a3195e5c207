package io.agentledger.gateway.ops;

import io.agentledger.gateway.support.edge.RequestTimeouts;
import io.agentledger.gateway.support.problem.DeniedRequestRecorder;
import io.agentledger.gateway.support.web.RequestContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.HandlerMapping;

/**
 * Writes one log line for each HTTP request when its response has ended, streams included: method,
 * route template, status, duration and ids. It never contains the query string, a body, or a part
 * of the path that is not an id. Probes and scrapes are logged at level debug.
 */
@Component
final class RequestLogger implements ObservationHandler<ServerRequestObservationContext> {
  private static final Logger LOG = LoggerFactory.getLogger("io.agentledger.requests");
  private static final String REQUEST_ID = "X-Request-ID";
  private static final String NO_ROUTE = "none";
  private static final Pattern ID = Pattern.compile("[a-z]{3}_[2-9a-z]{10}");

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof ServerRequestObservationContext;
  }

  @Override
  public void onStart(ServerRequestObservationContext context) {
    context.put(RequestLogger.class, System.nanoTime());
  }

  @Override
  public void onStop(ServerRequestObservationContext context) {
    Long startedAt = context.get(RequestLogger.class);
    var request = context.getCarrier();
    var response = context.getResponse();
    if (startedAt == null || request == null || response == null) return;
    var route = context.getPathPattern() == null ? NO_ROUTE : context.getPathPattern();
    boolean timedOut = RequestTimeouts.isTimedOut(request);
    var status = timedOut ? HttpStatus.REQUEST_TIMEOUT : response.getStatusCode();
    var line =
        LOG.atLevel(route.startsWith("/actuator") ? Level.DEBUG : Level.INFO)
            .addKeyValue("method", request.getMethod().name())
            .addKeyValue("route", route)
            .addKeyValue("status", status == null ? 200 : status.value())
            .addKeyValue("durationMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt))
            .addKeyValue("requestId", firstOrEmpty(response.getHeaders(), REQUEST_ID));
    if (context.isConnectionAborted() && !timedOut) line = line.addKeyValue("aborted", true);
    if (context.getAttributes().get(DeniedRequestRecorder.CONTEXT_ATTRIBUTE)
        instanceof RequestContext caller)
      line =
          line.addKeyValue("tenantId", caller.tenant().value())
              .addKeyValue("actor", caller.caller().actor().toString());
    for (var id : pathIds(context.getAttributes()).entrySet())
      line = line.addKeyValue("path." + id.getKey(), id.getValue());
    line.log("request");
  }

  private static String firstOrEmpty(HttpHeaders headers, String name) {
    var value = headers.getFirst(name);
    return value == null ? "" : value;
  }

  /** Returns the variables of the path that are ids. */
  private static Map<String, String> pathIds(Map<String, Object> attributes) {
    var ids = new TreeMap<String, String>();
    if (attributes.get(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
        instanceof Map<?, ?> variables)
      variables.forEach(
          (name, value) -> {
            if (ID.matcher(value.toString()).matches()) ids.put(name.toString(), value.toString());
          });
    return ids;
  }
}
