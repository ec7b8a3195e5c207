package io.agentledger.projection.channel;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the groups "channel" and "chat". */
@Configuration(proxyBeanMethods = false)
@Import({ChannelProjection.class, ChatProjection.class})
public class ChannelProjectionConfiguration {}
