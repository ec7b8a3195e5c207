package io.agentledger.query.vault;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for vaults and master keys. */
@Configuration(proxyBeanMethods = false)
@Import({VaultQueryHandler.class, MasterKeyQueryHandler.class})
public class VaultQueryConfiguration {}
