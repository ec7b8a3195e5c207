package io.agentledger.gateway.support.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.ChannelOutputShutdownException;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.codec.DecodingException;
import reactor.core.Exceptions;
import reactor.netty.channel.AbortedException;

@ExtendWith(OutputCaptureExtension.class)
class DroppedFailureLoggerTest {
  @Test
  void internalErrorsAreLogged(CapturedOutput output) {
    DroppedFailureLogger.log(new IllegalStateException("broken"));
    assertThat(output).contains("a request failed with an internal error").contains("broken");
  }

  /** Anonymous clients of RSocket would fill the log with requests for channels. */
  @Test
  void cancellationsAreNotLogged(CapturedOutput output) {
    DroppedFailureLogger.log(new CancellationException("Outbound has terminated with an error"));
    assertThat(output.toString()).isEmpty();
  }

  /** A client disconnects in the middle of an upload, or a timeout closes its connection. */
  @Test
  void closedConnectionsAreNotLogged(CapturedOutput output) {
    DroppedFailureLogger.log(new AbortedException("Connection has been closed"));
    DroppedFailureLogger.log(new SocketException("Connection reset by peer"));
    DroppedFailureLogger.log(new AsynchronousCloseException()); // Of the file of its body.
    DroppedFailureLogger.log(
        Exceptions.errorCallbackNotImplemented(new ChannelOutputShutdownException("RSocket")));
    assertThat(output.toString()).isEmpty();
  }

  /** A multipart body without a boundary fails a second time, after its client got a response. */
  @Test
  void bodiesThatCannotBeDecodedAreNotLogged(CapturedOutput output) {
    DroppedFailureLogger.log(new DecodingException("Could not find first boundary"));
    assertThat(output.toString()).isEmpty();
  }
}
