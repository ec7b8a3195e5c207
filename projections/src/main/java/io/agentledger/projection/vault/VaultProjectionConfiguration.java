package io.agentledger.projection.vault;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "vault". */
@Configuration(proxyBeanMethods = false)
@Import(VaultProjection.class)
public class VaultProjectionConfiguration {}
