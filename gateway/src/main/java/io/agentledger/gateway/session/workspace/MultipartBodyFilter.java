package io.agentledger.gateway.session.workspace;

import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Copies multipart bodies to the heap before they are parsed, because Spring's multipart parser
 * does not release the buffers that it holds when the client disconnects.
 */
@Component
@Order(1)
final class MultipartBodyFilter implements WebFilter {
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    // The header as it was sent; controllers reject invalid media types.
    var type = request.getHeaders().getFirst("Content-Type");
    if (!StringUtils.startsWithIgnoreCase(type, MediaType.MULTIPART_FORM_DATA_VALUE))
      return chain.filter(exchange);
    var copying =
        new ServerHttpRequestDecorator(request) {
          @Override
          public Flux<DataBuffer> getBody() {
            return super.getBody().map(StagedFileWriter::moveToHeap);
          }
        };
    return chain.filter(exchange.mutate().request(copying).build());
  }
}
