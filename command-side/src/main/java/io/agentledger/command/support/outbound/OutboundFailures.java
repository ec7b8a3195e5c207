package io.agentledger.command.support.outbound;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.PrematureCloseException;

/** Descriptions of failed requests, for the user who gave the URL. */
public final class OutboundFailures {
  private OutboundFailures() {}

  /**
   * Describes a failure by its kind only, because network errors may reveal details of the tenant's
   * server.
   */
  public static String describe(@Nullable Throwable cause) {
    return switch (cause) {
      case OutboundRefusedException refused when refused.rule() == Rule.NAME ->
          "the name of its host cannot be resolved";
      case OutboundRefusedException refused -> "its address " + refused.advice();
      case ConnectTimeoutException _ -> "its host did not accept the connection in time";
      case NoRouteToHostException _ -> "there is no route to its host";
      case ConnectException _ -> "its host refused the connection; nothing listens on that port";
      case SSLException _ ->
          "the TLS connection failed: its certificate is not trusted, or is for another host";
      case PrematureCloseException _ -> "it closed the connection without a response";
      case null, default -> "the connection to it failed";
    };
  }
}
