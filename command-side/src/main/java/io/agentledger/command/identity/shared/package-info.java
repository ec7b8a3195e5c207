/**
 * Shared parts of the identity packages: settings, secrets of the installation, tokens, metadata.
 */
@NullMarked
package io.agentledger.command.identity.shared;

import org.jspecify.annotations.NullMarked;
