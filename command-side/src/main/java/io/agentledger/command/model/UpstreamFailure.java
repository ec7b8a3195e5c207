package io.agentledger.command.model;

import io.netty.handler.timeout.ReadTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why an upstream did not answer, in words that are safe to show; every status here is retried. */
record UpstreamFailure(int status, String message) {

  static UpstreamFailure from(Throwable error) {
    return switch (error) {
      case ConnectException e ->
          new UpstreamFailure(502, "The model's service refused the connection.");
      case UnknownHostException e ->
          new UpstreamFailure(502, "The model's service has no address.");
      case SSLException e -> new UpstreamFailure(502, "No safe connection to the model's service.");
      case ReadTimeoutException e -> new UpstreamFailure(504, "The model's service fell silent.");
      case TimeoutException e -> new UpstreamFailure(504, "The model's service took too long.");
      default -> new UpstreamFailure(502, "The exchange with the model's service broke off.");
    };
  }
}
