package io.agentledger.projection.vault;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Which secret of which vault. */
@Embeddable
public record SecretKey(String vaultId, String name) implements Serializable {}
