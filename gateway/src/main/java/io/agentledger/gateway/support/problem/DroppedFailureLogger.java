package io.agentledger.gateway.support.problem;

import io.netty.channel.socket.ChannelOutputShutdownException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.codec.DecodingException;
import org.springframework.stereotype.Component;
import reactor.core.Exceptions;
import reactor.core.publisher.Hooks;

/**
 * Logger of failures that reach no client, because it has gone or was answered by a timeout. Only
 * internal errors are logged; Reactor logs the others with stack traces, too, which fills the log
 * of a service in overload.
 */
@Component
final class DroppedFailureLogger implements InitializingBean, DisposableBean {
  @Override
  public void afterPropertiesSet() {
    Hooks.onErrorDropped(DroppedFailureLogger::log);
  }

  /**
   * Logs an internal error. A cancellation is none: RSocket cancels the input of a channel that has
   * failed. Nor is a body that cannot be decoded: Reactor reports it once more when the client has
   * its response. Nor is a connection that the client, or a timeout, has closed, or the file of its
   * body, which is closed then.
   */
  static void log(Throwable failure) {
    var original =
        Exceptions.isErrorCallbackNotImplemented(failure)
            ? Objects.requireNonNullElse(failure.getCause(), failure)
            : failure;
    if (!isCausedByClient(original)) ProblemMapper.toProblem(original, null);
  }

  private static boolean isCausedByClient(Throwable failure) {
    return failure instanceof CancellationException
        || failure instanceof DecodingException
        || failure instanceof ClosedChannelException
        || failure instanceof ChannelOutputShutdownException
        || ProblemMapper.isDisconnect(failure);
  }

  @Override
  public void destroy() {
    Hooks.resetOnErrorDropped();
  }
}
