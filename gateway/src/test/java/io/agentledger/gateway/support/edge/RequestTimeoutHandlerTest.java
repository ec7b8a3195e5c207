package io.agentledger.gateway.support.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.support.json.WireJson;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The time for a body depends on the rate at which it arrives, and of a response on whether it is
 * read.
 */
class RequestTimeoutHandlerTest {
  private static final Duration BODY_TIMEOUT = Duration.ofSeconds(60);
  private static final int RATE_MIN = (int) RequestTimeoutHandler.BODY_BYTES_PER_SECOND_MIN;

  private static final int RESPONSE_BYTES = 64 * 1024 * 1024;

  private final EmbeddedChannel channel = newChannel();

  private static EmbeddedChannel newChannel() {
    var properties =
        new EdgeProperties(
            List.of(), List.of(), Duration.ofSeconds(20), BODY_TIMEOUT, BODY_TIMEOUT, 1, 1);
    var handler = new RequestTimeoutHandler(properties, new NettyProblemWriter(new WireJson()));
    var channel = new EmbeddedChannel(handler.new InboundActivityHandler(), handler);
    channel.freezeTime();
    channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/"));
    return channel;
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** Sends a part of the body every second. */
  private void send(int seconds, int bytesPerSecond) {
    for (int second = 0; second < seconds; second++) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
      if (!channel.isActive()) return;
      channel.writeInbound(
          new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[bytesPerSecond])));
    }
  }

  private void assertTimedOut() {
    HttpResponse response = channel.readOutbound();
    assertThat(response.status().code()).isEqualTo(408);
    assertThat(channel.isActive()).isFalse();
  }

  private void assertOpen() {
    assertThat(channel.outboundMessages()).isEmpty();
    assertThat(channel.isActive()).isTrue();
  }

  private void respond(String type) {
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    var headers = new DefaultHttpHeaders().set("Content-Type", type);
    channel.writeOutbound(
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers));
    channel.releaseOutbound();
  }

  private void write(int bytes) {
    channel.write(Unpooled.wrappedBuffer(new byte[bytes])); // As Reactor Netty does.
  }

  /** Passes time, in which the client reads as many bytes every second. */
  private void read(int seconds, int bytesPerSecond) {
    for (int second = 0; second < seconds && channel.isActive(); second++) {
      if (bytesPerSecond > 0) {
        channel.flush();
        channel.releaseOutbound();
        write(bytesPerSecond);
      }
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  @Test
  void responseThatIsReadSteadilyHasTime() {
    respond("application/gzip");
    read(600, 100);
    assertThat(channel.isActive()).isTrue();
  }

  @Test
  void responseThatIsNotReadIsAborted() {
    respond("application/gzip");
    read(70, 100);
    assertThat(channel.isActive()).isTrue();
    read(121, 0);
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void requestsBehindItGiveAResponseNoTime() {
    respond("application/gzip");
    write(RESPONSE_BYTES);
    for (int second = 0; second < 61 && channel.isActive(); second++) {
      channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
      channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
      read(1, 0);
    }
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void responseThatWaitsForTheServiceHasTime() {
    respond("application/gzip");
    read(600, 0);
    assertThat(channel.isActive()).isTrue();
  }

  @Test
  void streamHasTime() {
    respond("text/event-stream;charset=UTF-8");
    write(RESPONSE_BYTES);
    read(600, 0);
    assertThat(channel.isActive()).isTrue();
  }

  @Test
  void bodyThatArrivesSteadilyHasTime() {
    send(600, RATE_MIN + 1_024);
    assertOpen();
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    channel.advanceTimeBy(600, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertOpen();
  }

  @Test
  void bodyThatArrivesTooSlowlyTimesOutAfterTheFirstInterval() {
    send(59, RATE_MIN / 2);
    assertOpen();
    send(2, RATE_MIN / 2);
    assertTimedOut();
  }

  @Test
  void bodyThatBecomesTooSlowTimesOutInTheNextInterval() {
    send(70, 2 * RATE_MIN);
    assertOpen();
    send(51, 1);
    assertTimedOut();
  }
}
