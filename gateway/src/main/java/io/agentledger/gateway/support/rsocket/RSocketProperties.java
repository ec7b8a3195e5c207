package io.agentledger.gateway.support.rsocket;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the RSocket server.
 *
 * @param rsocketPort [0..65535] TCP, on the address of the HTTP server; 0 selects a free one;
 *     {@code AGENTLEDGER_RSOCKET_PORT}
 */
@ConfigurationProperties("agentledger")
public record RSocketProperties(@DefaultValue("7878") int rsocketPort) {}
