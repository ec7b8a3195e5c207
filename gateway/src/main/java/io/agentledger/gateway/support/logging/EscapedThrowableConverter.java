package io.agentledger.gateway.support.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;

/** Stack traces whose lines are those of the trace: the message of each exception is on one. */
public final class EscapedThrowableConverter extends ExtendedWhitespaceThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy throwable) {
    return super.throwableProxyToString(new EscapedThrowable(throwable));
  }

  /** A throwable, its causes and suppressed exceptions with escaped messages. */
  private record EscapedThrowable(IThrowableProxy throwable) implements IThrowableProxy {
    private static @Nullable String escape(@Nullable String message) {
      return message == null ? null : LogTextEscaper.escape(message);
    }

    @Override
    public @Nullable String getMessage() {
      return escape(throwable.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
      return escape(throwable.getOverridingMessage());
    }

    @Override
    public String getClassName() {
      return throwable.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return throwable.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
      return throwable.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
      var cause = throwable.getCause();
      return cause == null ? null : new EscapedThrowable(cause);
    }

    @Override
    public IThrowableProxy @Nullable [] getSuppressed() {
      var suppressed = throwable.getSuppressed();
      return suppressed == null
          ? null
          : Stream.of(suppressed).map(EscapedThrowable::new).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
      return throwable.isCyclic();
    }
  }
}
