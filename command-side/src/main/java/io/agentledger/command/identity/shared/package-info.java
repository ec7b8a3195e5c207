/** What the packages of identity share: settings, secrets of the installation, tokens, metadata. */
@NullMarked
package io.agentledger.command.identity.shared;

import org.jspecify.annotations.NullMarked;
