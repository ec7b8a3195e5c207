package io.agentledger.command.model;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Response of the gateway itself to the warm-up question of a process that waits for its session,
 * in the format of the Messages API's stream. It has no tokens, so that the CLI counts no cost.
 */
final class WarmUpAnswer {
  private static final byte[] STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_warm_up","type":"message",\
      "role":"assistant","model":"warm-up","content":[],"stop_reason":null,"stop_sequence":null,\
      "usage":{"input_tokens":0,"output_tokens":0}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ready."}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
      "usage":{"output_tokens":0}}

      event: message_stop
      data: {"type":"message_stop"}

      """
          .getBytes(StandardCharsets.UTF_8);

  private WarmUpAnswer() {}

  static Publisher<Void> send(HttpServerResponse response) {
    return response
        .header(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(STREAM.length))
        .send(Mono.just(Unpooled.wrappedBuffer(STREAM)));
  }
}
