package io.agentledger.command.model;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;

/**
 * Response of an upstream. Each buffer of the body belongs to its receiver; a body that ends in an
 * error is a broken stream.
 */
public record ModelResponse(int status, HttpHeaders headers, Flux<ByteBuf> body) {}
