package io.agentledger.api.vault;

import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a master key, which wraps the keys that seal content. */
public sealed interface MasterKeyEvent {
  MasterKeyId masterKeyId();

  /** A rotation to this master key started. */
  @Revision("1")
  @StableName("MasterKeyRotationStarted")
  record MasterKeyRotationStarted(MasterKeyId masterKeyId) implements MasterKeyEvent {}

  /** All keys are wrapped with this master key. */
  @Revision("1")
  @StableName("MasterKeyRotationFinished")
  record MasterKeyRotationFinished(MasterKeyId masterKeyId) implements MasterKeyEvent {}

  /** The master key wrapped nothing any more and was removed. */
  @Revision("1")
  @StableName("MasterKeyRetired")
  record MasterKeyRetired(MasterKeyId masterKeyId) implements MasterKeyEvent {}
}
