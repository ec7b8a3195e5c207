package io.agentledger.command.model;

import io.agentledger.command.model.UpstreamCircuit.UpstreamAwayException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Failure of an upstream to answer, with a message that is safe to show. The CLI retries all of
 * these statuses.
 */
record UpstreamFailure(int status, String message) {

  static UpstreamFailure from(Throwable error) {
    return switch (error) {
      case ConnectTimeoutException e ->
          new UpstreamFailure(504, "The model API could not be reached in time.");
      case ConnectException e -> new UpstreamFailure(502, "The model API refused the connection.");
      case UnknownHostException e ->
          new UpstreamFailure(502, "The host name of the model API has no address.");
      case SSLException e ->
          new UpstreamFailure(502, "No secure connection to the model API is possible.");
      case ReadTimeoutException e -> new UpstreamFailure(504, "The model API has sent nothing.");
      case TimeoutException e ->
          new UpstreamFailure(504, "All connections to the model API are in use.");
      case UpstreamAwayException e -> new UpstreamFailure(503, e.reason());
      default -> new UpstreamFailure(502, "The exchange with the model API broke off.");
    };
  }
}
