package io.agentledger.gateway.support.web;

import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHeadResponseDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes every response on its connection's own event loop: those of controllers, static files and
 * actuators. Reactor Netty loses a response that another thread writes while the connection's last
 * exchange is still being closed, and the client would wait for it indefinitely.
 */
@Component
class EventLoopResponseCustomizer implements WebHttpHandlerBuilderCustomizer {
  @Override
  public void customize(WebHttpHandlerBuilder builder) {
    builder.httpHandlerDecorator(
        handler -> (request, response) -> handler.handle(request, onEventLoop(response)));
  }

  private static ServerHttpResponse onEventLoop(ServerHttpResponse response) {
    if (!(ServerHttpResponseDecorator.getNativeResponse(response)
        instanceof HttpServerResponse http)) return response;
    var loop = new AtomicReference<EventLoop>();
    http.withConnection(connection -> loop.set(connection.channel().eventLoop()));
    var eventLoop = loop.get();
    return eventLoop == null
        ? response
        : new EventLoopResponse(response, Schedulers.fromExecutor(eventLoop));
  }

  private static final class EventLoopResponse extends ServerHttpResponseDecorator {
    private final Scheduler loop;

    EventLoopResponse(ServerHttpResponse response, Scheduler loop) {
      super(response);
      this.loop = loop;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
      if (getDelegate() instanceof HttpHeadResponseDecorator && body instanceof Flux)
        return setComplete(); // Not read in vain.
      return super.writeWith(isStream() ? body : publishOnEventLoop(body)).subscribeOn(loop);
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
      return super.writeAndFlushWith(Flux.from(body).publishOn(loop, 1)).subscribeOn(loop);
    }

    @Override
    public Mono<Void> setComplete() {
      return super.setComplete().subscribeOn(loop);
    }

    /**
     * Returns whether the response is a stream, which is written on the event loop already and
     * handles backpressure itself.
     */
    private boolean isStream() {
      return MediaType.TEXT_EVENT_STREAM.equalsTypeAndSubtype(getHeaders().getContentType());
    }

    private Publisher<DataBuffer> publishOnEventLoop(Publisher<? extends DataBuffer> body) {
      return body instanceof Mono<? extends DataBuffer> mono
          ? mono.cast(DataBuffer.class).publishOn(loop)
          : Flux.from(body)
              .cast(DataBuffer.class)
              .publishOn(loop, 1)
              .doOnDiscard(DataBuffer.class, DataBufferUtils::release);
    }
  }
}
