/** What the server of tools says to its harness when an agent asks for the list, and what the harness answers. */
export const toolsListed = 'listed\n';
export const toolsSeen = 'seen\n';
/** What it says when its agent wants it no more. One that is killed says nothing. */
export const toolsLeft = 'left\n';
