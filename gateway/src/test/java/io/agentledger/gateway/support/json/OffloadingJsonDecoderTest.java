package io.agentledger.gateway.support.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import jakarta.validation.Validation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Large bodies do not delay other requests. */
class OffloadingJsonDecoderTest {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final NettyDataBufferFactory buffers =
      new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
  private final CountDownLatch mayRead = new CountDownLatch(1);
  private final CompletableFuture<Thread> readOn = new CompletableFuture<>();
  private final OffloadingJsonDecoder decoder =
      new OffloadingJsonDecoder(
          JsonMapper.builder()
              .addModule(new SimpleModule().addDeserializer(JsonText.class, new SlowDeserializer()))
              .build(),
          Validation.buildDefaultValidatorFactory().getValidator());

  /** Type that is decoded here. */
  record JsonText(String text) {}

  /** Deserializer that waits for the test. */
  private final class SlowDeserializer extends ValueDeserializer<JsonText> {
    @Override
    public JsonText deserialize(JsonParser json, DeserializationContext context) {
      readOn.complete(Thread.currentThread());
      try {
        assertThat(mayRead.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException exception) {
        Thread.currentThread().interrupt();
      }
      return new JsonText(json.getString());
    }
  }

  @AfterEach
  void end() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  private NettyDataBuffer body(String json) {
    return (NettyDataBuffer)
        buffers.allocateBuffer(16).write(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String word(int length) {
    return "\"" + "a".repeat(length) + "\"";
  }

  private Mono<Object> read(NettyDataBuffer body) {
    return decoder.decodeToMono(
        Mono.just(body), ResolvableType.forClass(JsonText.class), MediaType.APPLICATION_JSON, null);
  }

  /** Decodes on the event loop, as for a request. */
  private CompletableFuture<Thread> onLoop(Mono<Object> decoded) {
    var heardOn = new CompletableFuture<Thread>();
    loop.next()
        .execute(
            () ->
                decoded.subscribe(
                    it -> heardOn.complete(Thread.currentThread()),
                    heardOn::completeExceptionally));
    return heardOn;
  }

  @Test
  void largeBodyIsDecodedOffTheEventLoop() throws Exception {
    var body = body(word(OffloadingJsonDecoder.LARGE_BYTES));
    var heardOn = onLoop(read(body));
    assertThat(readOn.get(20, TimeUnit.SECONDS).isVirtual()).isTrue();
    var loopThread = loop.next().submit(Thread::currentThread).get(20, TimeUnit.SECONDS);
    assertThat(heardOn).isNotDone();
    mayRead.countDown();
    assertThat(heardOn.get(20, TimeUnit.SECONDS)).isSameAs(loopThread);
    assertThat(body.getNativeBuffer().refCnt()).isZero();
  }

  @Test
  void smallBodyIsDecodedOnTheEventLoop() throws Exception {
    mayRead.countDown();
    var heardOn = onLoop(read(body(word(10))));
    assertThat(readOn.get(20, TimeUnit.SECONDS)).isSameAs(heardOn.get(20, TimeUnit.SECONDS));
  }

  @Test
  void malformedJsonIsRejectedFromTheWorker() {
    mayRead.countDown();
    var body = body(word(OffloadingJsonDecoder.LARGE_BYTES).replace('"', '{'));
    assertThatThrownBy(() -> read(body).block(Duration.ofSeconds(20)))
        .isInstanceOf(DecodingException.class);
    assertThat(body.getNativeBuffer().refCnt()).isZero();
  }

  @Test
  void cancelledRequestLeaksNothing() {
    var body = body(word(OffloadingJsonDecoder.LARGE_BYTES));
    var storeRead = read(body).subscribe();
    storeRead.dispose();
    mayRead.countDown();
    await().untilAsserted(() -> assertThat(body.getNativeBuffer().refCnt()).isZero());
  }
}
