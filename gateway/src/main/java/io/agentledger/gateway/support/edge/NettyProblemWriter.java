package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.web.RequestIdFilter;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Writes a problem for an input that is not a valid request, and closes the connection. */
@Component
final class NettyProblemWriter {
  private final WireJson json;

  NettyProblemWriter(WireJson json) {
    this.json = json;
  }

  void write(ChannelHandlerContext context, HttpStatus status, String code, String detail) {
    var id = RequestIdFilter.newRequestId();
    var body = json.toBytes(Problem.create(status, code, detail).withRequestId(id));
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status.value()),
            Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Content-Type-Options", "nosniff")
        .set(RequestIdFilter.HEADER, id)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status == HttpStatus.METHOD_NOT_ALLOWED)
      response.headers().set(HttpHeaderNames.ALLOW, String.join(",", StrictRequestHandler.METHODS));
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
