package io.agentledger.gateway.support.rsocket;

import io.agentledger.gateway.support.web.RequestContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log line of one RSocket request, with the fields of the line of an HTTP request. The resolver of
 * the handler's arguments adds the route and the caller. It never contains data of the request, or
 * a part of the route that is not an id.
 */
public final class RSocketLogEntry {
  private static final Logger LOG = LoggerFactory.getLogger("io.agentledger.requests");
  private static final int OK = 200;
  private static final String NO_ROUTE = "none";
  private static final Pattern ID = Pattern.compile("[a-z]{3}_[2-9a-z]{10}");

  private final String method;
  private final long startedAt = System.nanoTime();
  private volatile String route = NO_ROUTE;
  private volatile Map<String, String> ids = Map.of();
  private volatile int status = OK;
  private volatile @Nullable RequestContext caller;

  /**
   * Creates the entry of a request that begins now.
   *
   * @param method interaction model
   */
  RSocketLogEntry(String method) {
    this.method = method;
  }

  /**
   * Adds what is known when the request has its handler.
   *
   * @param pattern route of the handler, with names of variables
   * @param variables values of the variables
   */
  public void onHandled(String pattern, Map<?, ?> variables, RequestContext context) {
    var found = new TreeMap<String, String>();
    variables.forEach(
        (name, value) -> {
          if (ID.matcher(String.valueOf(value)).matches()) found.put("" + name, "" + value);
        });
    route = pattern;
    ids = found;
    caller = context;
  }

  /** Sets the status of the problem, as on HTTP; 200 without one. */
  void setStatus(int newStatus) {
    status = newStatus;
  }

  /** Writes the line. */
  void write(boolean isCancelled) {
    var line =
        LOG.atInfo()
            .addKeyValue("method", method)
            .addKeyValue("route", route)
            .addKeyValue("status", status)
            .addKeyValue(
                "durationMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
    if (isCancelled) line = line.addKeyValue("aborted", true);
    var context = caller;
    if (context != null)
      line =
          line.addKeyValue("requestId", context.requestId())
              .addKeyValue("tenantId", context.tenant().value())
              .addKeyValue("actor", context.caller().actor().toString());
    for (var id : ids.entrySet()) line = line.addKeyValue("path." + id.getKey(), id.getValue());
    line.log("request");
  }
}
