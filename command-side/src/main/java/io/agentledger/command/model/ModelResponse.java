package io.agentledger.command.model;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;

/**
 * What an upstream answers. Each buffer of the body belongs to the one who receives it; a body that
 * ends in an error is a stream that broke.
 */
public record ModelResponse(int status, HttpHeaders headers, Flux<ByteBuf> body) {}
