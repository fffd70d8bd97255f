/**
 * Whether the data of a member lies so that taking back can put it where it was: asked before anything is stopped for it, since a person
 * may have removed the old data once the restored cluster was trusted. To be run after the prelude.
 */
export const wayText = String.raw`
dataDir=$1 old=$2 staged=$3
there() { [ -e "$1" ] || [ -L "$1" ]; }
live="$dataDir/member" restored="$staged/member"
if there "$old"; then
  if there "$live"; then
    if there "$restored"; then say WAY_BACK_TAKEN "path=$live"; exit 0; fi
    if [ ! -d "$staged" ] || [ -L "$staged" ]; then say WAY_BACK_MISSING "path=$staged"; exit 0; fi
  fi
elif ! there "$live"; then say WAY_BACK_MISSING "path=$live"; exit 0
elif [ -d "$staged" ] && ! there "$restored"; then say WAY_BACK_MISSING "path=$old"; exit 0
fi
say HOLDS
`;
