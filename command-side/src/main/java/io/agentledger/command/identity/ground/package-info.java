/** What all of identity stands on: settings, secrets, stamps, and a way to the database. */
@NullMarked
package io.agentledger.command.identity.ground;

import org.jspecify.annotations.NullMarked;
